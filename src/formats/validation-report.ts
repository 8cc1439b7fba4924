/** A validation as one page for a browser: the tables and the plots, nothing loaded from elsewhere. */
import type { Validation } from "../planning/validate.ts";
import { plainPaint } from "./paint.ts";
import { validationPlots } from "./validation-plots.ts";
import { formatValidation } from "./validation-table.ts";

const STYLE = `
  body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: #1b1b1b; background: #ffffff; }
  pre { background: #f4f4f4; padding: 1rem; overflow-x: auto; line-height: 1.35; }
  .plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
  figure { margin: 0; max-width: 100%; overflow-x: auto; }
`;

export function formatValidationReport(validation: Validation): string {
  const plots = validationPlots(validation).map(({ svg }) => `<figure>\n${svg}</figure>`);
  const table = formatValidation(validation, plainPaint).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Predicted against measured: precopy ${validation.engineVersion}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Predicted against measured</h1>
<p>precopy ${validation.engineVersion}; inputs: ${validation.inputs}; ${validation.runs.length} runs. A mark on the dashed line was predicted as it was measured.</p>
<pre>${table}</pre>
<div class="plots">
${plots.join("\n")}
</div>
</body>
</html>
`;
}
