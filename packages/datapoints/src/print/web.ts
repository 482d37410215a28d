export { printed } from '@cdf/core/resource';
