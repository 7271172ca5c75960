// @ts-check
// The key / leads to the field of search, unless something is being typed.
(() => {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[role=search] [type=search]"));
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (!field || event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.select();
    field.focus();
  });
  // On a disk a page is a file of its folder.
  if (field?.form && location.protocol === "file:") field.form.action += "index.html";
})();
