export { installPrinting } from '@cdf/sdk-core/print';
