
const filter = document.getElementById("filter");
if (filter) {
  const words = document.getElementById("words");
  const shown = document.getElementById("shown");
  const articles = [...document.querySelectorAll("article")].map((article) => ({
    article,
    text: (article.closest(".namespace").dataset.name + " " +
      article.closest(".rule").querySelector("h3").textContent + " " + article.textContent).toLowerCase(),
  }));
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { article, text } of articles) {
      article.hidden = !wanted.every((word) => text.includes(word));
      count += article.hidden ? 0 : 1;
    }
    for (const group of document.querySelectorAll(".rule, .namespace")) {
      group.hidden = !group.querySelector("article:not([hidden])");
    }
    shown.textContent = wanted.length ? `${count} of ${articles.length}` : "";
  };
  words.addEventListener("input", show);
  filter.hidden = false;
  show();
}
