// Every page: the vendor's components wake up, and ours beside them.
import { initAll } from "../built/nhsuk.js";
import "./bar.js";
import "./lock.js";
import "./once.js";
import "./polls.js";
import "./say.js";
import "./scan.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
if (document.querySelector("[data-zoom]")) import("./zoom.js");
