// The page around the terminal: does in the browser what the reader asks for, and says what became of it.
// The terminal itself is drawn by textual.js, which is begun when its font is there: it measures the cells once.

const BLOCKED = "The browser blocked the new tab: let this page open pop-ups";
const NOT_COPIED = "The browser did not let the page copy";

/** Copy without the clipboard that browsers have for pages on loopback and with TLS only. */
function copySelected(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focusTerminal();
  return copied;
}

// What the reader copies itself, such as selected text, goes through here from textual.js.
if (!navigator.clipboard) {
  const writeText = async (text) => {
    if (!copySelected(text)) throw new Error(NOT_COPIED);
  };
  Object.defineProperty(navigator, "clipboard", { value: { writeText } });
}

async function copy({ text }) {
  try {
    await navigator.clipboard.writeText(text);
    return "";
  } catch {
    return copySelected(text) ? "" : NOT_COPIED;
  }
}

async function openTab({ text }) {
  const tab = window.open(text, "_blank");
  if (!tab) return BLOCKED;
  tab.opener = null;
  return "";
}

async function colour({ text }) {
  document.documentElement.style.setProperty("--background", text);
  return "";
}

const DEEDS = { copy, open: openTab, colour };

async function answer(socket, data) {
  if (typeof data !== "string") return; // what the terminal draws
  const [what, facts] = JSON.parse(data);
  if (!Object.hasOwn(DEEDS, what)) return;
  const problem = await DEEDS[what](facts);
  if (facts.number !== undefined) socket.send(JSON.stringify(["done", { number: facts.number, problem }]));
}

/** The socket that textual.js opens, which ignores the messages that are for this page. */
class PageSocket extends WebSocket {
  constructor(...options) {
    super(...options);
    this.addEventListener("open", () => {
      window.addEventListener("focus", focusTerminal);
      focusTerminal();
    });
    this.addEventListener("message", (event) => answer(this, event.data));
    this.addEventListener("close", (event) => ended(event.reason));
  }
}

function ended(reason) {
  const dialog = document.getElementById("ended");
  if (reason) document.getElementById("why").textContent = reason;
  dialog.addEventListener("close", () => location.reload());
  dialog.showModal();
}

function focusTerminal() {
  document.querySelector(".xterm-helper-textarea")?.focus();
}

/** Leave Ctrl+V to the browser, which pastes: the terminal would send a key that the reader has no use for. */
function leavePasting(event) {
  if (event.ctrlKey && !event.altKey && event.code === "KeyV") event.stopPropagation();
}

async function begin() {
  const styles = ["", "bold ", "italic ", "italic bold "];
  await Promise.all(styles.map((style) => document.fonts.load(`${style}16px "Roboto Mono"`)));
  const address = new URL("ws", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = "";
  const terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = address.href;
  terminal.dataset.fontSize = "16";
  window.WebSocket = PageSocket;
  document.addEventListener("keydown", leavePasting, { capture: true });
  const script = document.createElement("script");
  script.src = "terminal/js/textual.js";
  script.addEventListener("load", () => window.onload()); // which it waits for, but the page was loaded before it
  document.head.append(script);
}

window.addEventListener("load", begin);
