/* global SwaggerUIBundle */

const place = document.getElementById("operations");
const dark = matchMedia("(prefers-color-scheme: dark)");
const followColours = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followColours);
followColours();

const spec = await (await fetch(place.dataset.document)).json();
// The document names where the deployment is known; what is tried is asked of where this page is.
spec.servers = [{ url: location.origin }];

const nothing = () => () => null;

SwaggerUIBundle({
  domNode: place,
  spec,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  // The page around it tells both.
  plugins: [{ wrapComponents: { InfoContainer: nothing, ServersContainer: nothing } }],
  // The API reads no cookies, so that none is sent.
  requestInterceptor: (request) => ({ ...request, credentials: "omit" }),
});
