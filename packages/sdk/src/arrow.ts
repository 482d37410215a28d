export { type ArrowIpcOptions, toArrowIpc } from '@cdf/datapoints/arrow';
