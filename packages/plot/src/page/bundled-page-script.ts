import { encodeModel } from './page-data.js';
import { hash, text } from './page-script.generated.js';
import type { PageScript } from './page-script.js';

/** The script as it stands in every interactive page. */
export const pageScript: PageScript | undefined = {
  hash,
  elements: (model, maxPoints) =>
    `<script type="application/json" id="data">${encodeModel(model, maxPoints)}</script><script type="module">${text}</script>`,
};
