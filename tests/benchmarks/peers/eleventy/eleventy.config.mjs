import footnotes from "markdown-it-footnote";

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const slug = (name) => name.toLowerCase().replaceAll(" ", "-");

export default function (eleventy) {
  const newestFirst = (api) => api.getFilteredByGlob("src/notes/*.md").sort((one, other) => other.date - one.date);
  eleventy.addCollection("notes", newestFirst);
  for (const kind of ["topics", "actors"]) {
    eleventy.addCollection(kind, (api) => {
      const terms = new Map();
      for (const note of newestFirst(api)) {
        for (const name of note.data[kind]) {
          if (!terms.has(name)) terms.set(name, { name, url: `/${kind}/${slug(name)}/`, notes: [] });
          terms.get(name).notes.push(note);
        }
      }
      return [...terms.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    });
  }
  eleventy.addFilter("slug", slug);
  eleventy.addFilter("day", (date) => date.toISOString().slice(0, 10));
  eleventy.addFilter("instant", (date) => date.toISOString());
  eleventy.addFilter("longday", (date) => `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  eleventy.addFilter("first", (list, count) => list.slice(0, count));
  eleventy.amendLibrary("md", (markdown) => markdown.use(footnotes));
  eleventy.addPassthroughCopy({ "src/plain.css": "plain.css" });
  return { dir: { input: "src", output: "_site" }, markdownTemplateEngine: false };
}
