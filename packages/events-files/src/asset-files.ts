import type { AssetScope, CallOptions, Listing } from '@cdf/core';
import type { AssetFileQuery, CdfFile, FileList } from './file-types.js';
import type { FilesApi } from './files-api.js';

/**
 * The relation from assets to their files, for `AssetsApi`.
 *
 * @example
 * const assets = new AssetsApi(transport, { files: assetFiles(new FilesApi(transport)) });
 * const files = await assets.select({ externalId: 'pump' }).subtree().files();
 */
export const assetFiles =
  (
    files: FilesApi,
  ): ((
    scope: AssetScope,
  ) => (query?: AssetFileQuery, options?: CallOptions) => Listing<CdfFile, FileList>) =>
  (scope) =>
  (query, options) =>
    files.listByAssets(scope, query, options);
