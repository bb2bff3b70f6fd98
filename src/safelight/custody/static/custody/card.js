// A card behind one interface: list, read, remove. By handles (File System Access) it can be emptied, by a plain folder chooser only read.
const FRAME = /^[^.].*\.(jpe?g|jpe|mpo|hei[cf]|hif|png|tiff?|cr[23]|nef|arw|dng|raf|orf|rw2|mp4|mov|m4v)$/i;

export class HandleCard {
  constructor(root) {
    this.root = root;
    this.empties = true;
  }

  async list() {
    const found = [];
    await this.#walk(this.root, [], found);
    return found;
  }

  async #walk(folder, parts, found) {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") await this.#walk(handle, [...parts, name], found);
      else found.push(entry([...parts, name], () => handle.getFile(), () => folder.removeEntry(name)));
    }
  }
}

export class ChosenCard {
  constructor(files) {
    this.files = [...files];
    this.empties = false;
  }

  async list() {
    // The first part is the name of the folder that was chosen.
    return this.files.map((file) => entry(file.webkitRelativePath.split("/").slice(1), async () => file, null));
  }
}

function entry(parts, read, remove) {
  const inside = parts[0]?.toUpperCase() === "DCIM" ? parts.slice(1) : parts;
  return {
    path: parts.join("/"),
    folder: inside.slice(0, -1).join("/"),
    file: parts.at(-1),
    frame: FRAME.test(parts.at(-1)),
    read,
    remove,
  };
}

export async function digestOf(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
