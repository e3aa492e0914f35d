/* Leaving quickly: the page is hidden at once, and its place in the history is taken by the page that follows.
 *
 * Runs in every browser that has scripts at all, apart from govuk-frontend, so that it works where that does not. Without scripts the button
 * is a plain link. Keeps nothing in the browser. Must not be the only way out of a page.
 *
 * On the way out a page behind a code is closed, and whoever comes back to a form finds it empty: Back must show nobody what was there.
 */
(function () {
  "use strict";
  function target() {
    var link = document.querySelector(".govuk-js-exit-this-page-button");
    return link ? link.href : null;
  }

  function leave() {
    var address = target();
    if (!address) {
      return;
    }
    document.documentElement.classList.add("ki-gone");
    document.title = "";
    try {
      close();
    } finally {
      window.location.replace(address);
    }
  }

  /* A code opened this page (the form "Close my page"): the code opens nothing any more, here or elsewhere. The answer is not waited for. */
  function close() {
    var form = document.querySelector("form.ki-close");
    if (form && navigator.sendBeacon) {
      navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
    }
  }

  /* A browser that goes back fills a form in again as it was left. Also where the page was never gone. */
  window.addEventListener("pageshow", function (event) {
    var came = window.performance && performance.getEntriesByType ? performance.getEntriesByType("navigation")[0] : null;
    if (event.persisted || (came && came.type === "back_forward")) {
      Array.prototype.forEach.call(document.forms, function (form) {
        form.reset();
      });
    }
  });

  /* Escape belongs to whatever is open: a list, a calendar, a dialog, a word that is being composed. */
  function isTaken(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) {
      return true;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
      return true;
    }
    if (document.fullscreenElement || document.querySelector("dialog[open], [aria-modal='true']")) {
      return true;
    }
    return isOpen(document.activeElement);
  }

  function isOpen(element) {
    if (!element || element === document.body) {
      return false;
    }
    if (element.getAttribute("aria-expanded") === "true" || element.closest("[role='listbox'], [role='menu'], [role='dialog']")) {
      return true;
    }
    if (element.closest("form.ki-keeps")) {
      return true; /* an officer's own words, which would be lost; the button and Shift leave all the same */
    }
    if (element.tagName === "SELECT") {
      try {
        return element.matches(":open");
      } catch (unknown) {
        return true; /* a browser that cannot say whether its list is open */
      }
    }
    return element.tagName === "INPUT" && element.hasAttribute("list");
  }

  document.addEventListener("keydown", function (event) {
    if ((event.key === "Escape" || event.key === "Esc") && !event.repeat && !isTaken(event)) {
      event.preventDefault(); /* else the browser would stop loading the page that follows */
      leave();
    }
  });

  document.addEventListener(
    "click",
    function (event) {
      var link = event.target.closest && event.target.closest(".govuk-js-exit-this-page-button, .govuk-js-exit-this-page-skiplink");
      if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        event.stopImmediatePropagation();
        leave();
      }
    },
    true
  );

  /* For start.js, which hears Shift three times as the Design System does. */
  document.addEventListener("ki-leave", leave);
})();
