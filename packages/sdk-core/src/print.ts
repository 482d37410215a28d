export { installPrinting } from '@cdf/datapoints/print';
