module.exports = { layout: "note.njk", permalink: (data) => `/notes/${data.slug}/` };
