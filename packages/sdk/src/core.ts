export { CdfClient } from '@cdf/sdk-core';
