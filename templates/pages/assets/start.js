/* Starts the parts of govuk-frontend that our pages use. Every page works without them; must not fetch, store or send anything. */
import { createAll, Button, CharacterCount, ErrorSummary, ExitThisPage, NotificationBanner, SkipLink } from "./govuk-frontend.js";

/* As the Design System's, but the page that follows takes this one's place in the history. */
class Exit extends ExitThisPage {
  exitPage() {
    document.dispatchEvent(new Event("ki-leave"));
  }
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
for (const component of [Button, CharacterCount, ErrorSummary, Exit, NotificationBanner, SkipLink]) {
  createAll(component);
}
