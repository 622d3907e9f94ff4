// Warns before a form marked with data-warn-unsaved is left with answers that were not sent.
(() => {
  "use strict";

  let isChanged = false;

  // A form that came back with problems holds answers that are not saved either.
  document.addEventListener("DOMContentLoaded", () => {
    isChanged = document.querySelector(".error-summary ~ form[data-warn-unsaved]") !== null;
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-warn-unsaved]")) isChanged = true;
  });
  document.addEventListener("submit", () => {
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
})();
