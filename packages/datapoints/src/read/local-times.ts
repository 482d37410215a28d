// Needed only by calls with local times: loaded when the first of them comes.
export { localTimes } from '@cdf/core/resource';
