// What only calls with local times need: loaded when the first of them comes.
export { localTimes } from '@cdf/core/resource';
