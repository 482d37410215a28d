export * from '@cdf/plot/node';
export * from '@cdf/sdk-core/node';
export {
  type ProgressBar,
  type ProgressBarOptions,
  type ProgressStream,
  progressBar,
} from './progress-bar.js';
