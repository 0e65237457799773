
// Sorts the table of all hand-ins by the column whose heading is pressed; without a script it stays sorted by name.
const table = document.querySelector("table.all");
const said = document.querySelector("#said");
const heads = [...table.tHead.rows[0].cells];
const words = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

heads.forEach((head, column) => {
  if (!head.dataset.sort) return;
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(head, column));
  head.append(button);
});

function sort(head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  heads.forEach((each) => each.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const compare = head.dataset.sort === "number" ? byNumber : byWords;
  const rows = [...table.tBodies[0].rows].map((row) => [key(row.cells[column]), row]);
  rows.sort(([one], [other]) => compare(one, other, down));
  table.tBodies[0].append(...rows.map(([, row]) => row));
  said.textContent = said.dataset[down ? "down" : "up"].replace("{}", head.textContent);
}

function key(cell) {
  return cell.dataset.key ?? cell.textContent;
}

function byWords(one, other, down) {
  return words.compare(one, other) * (down ? -1 : 1);
}

// A hand-in without marks stands last, whichever way.
function byNumber(one, other, down) {
  if (one === "" || other === "") return (one === "") - (other === "");
  return (Number(one) - Number(other)) * (down ? -1 : 1);
}
