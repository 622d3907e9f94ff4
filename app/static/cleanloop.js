// The pages work without this file. It moves the focus to the list of problems, keeps a form from
// being sent twice by a double click, lets people go back to a form that they sent, and opens folded
// figures for printing.
(() => {
  "use strict";

  function focusProblems(root) {
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  // Not form.method: a box of that name would stand in its place.
  function isSent(form) {
    return form.getAttribute("method") === "post" && !form.hasAttribute("hx-post");
  }

  function ignoreSecondSending(event) {
    const form = event.target;
    if (!isSent(form)) return;
    if (form.dataset.sent === "yes") event.preventDefault();
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 10000);
  }

  // A page that itself answered a form would be asked for by its form again on the way back, which
  // browsers do not do without asking. From here on its address alone is asked for, where that has
  // a page of its own: a new form.
  function leaveItsAddressBehind(event) {
    if (!isSent(event.target) || document.body.dataset.ownPage !== "yes") return;
    window.history.replaceState(window.history.state, "", window.location.href);
  }

  function allowSendingAgain() {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  }

  document.addEventListener("DOMContentLoaded", () => focusProblems(document));
  document.addEventListener("submit", ignoreSecondSending);
  document.addEventListener("submit", leaveItsAddressBehind);
  document.addEventListener("htmx:after:swap", () => focusProblems(document));
  window.addEventListener("pageshow", allowSendingAgain);
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("figure details")) folded.open = true;
  });
})();
