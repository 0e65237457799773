// The door through which JupyterLab finds this extension. It is written by hand: no build, no bundle, no Node.
//
// JupyterLab loads this file, calls init() with the modules that it shares between all extensions, then get() for what
// package.json names. Taking its own modules is what makes our tokens, signals and widgets the ones that it knows.
{
  const NAME = "mmlearn-edu";
  const SHARED = {
    apputils: "@jupyterlab/apputils",
    application: "@jupyterlab/application",
    coreutils: "@jupyterlab/coreutils",
    launcher: "@jupyterlab/launcher",
    notebook: "@jupyterlab/notebook",
    services: "@jupyterlab/services",
    signaling: "@lumino/signaling",
    tokens: "@lumino/coreutils",
    ui: "@jupyterlab/ui-components",
    widgets: "@lumino/widgets",
  };
  const here = new URL(document.currentScript.src);
  // Every file gets our version too (?0.1.0): browsers keep files for days, and a new version must not meet an old one.
  const address = (file) => new URL(file + here.search, here).href;
  let scope;

  // As webpack chooses a singleton: the version in use already, else the newest.
  const newer = (one, other) => one.localeCompare(other, undefined, { numeric: true });
  async function shared(name) {
    const versions = scope[name] ?? {};
    const known = Object.keys(versions).sort(newer);
    const chosen = known.find((version) => versions[version].loaded) ?? known.at(-1);
    return chosen === undefined ? null : (await versions[chosen].get())();
  }

  async function plugins() {
    const loaded = Object.entries(SHARED).map(async ([short, name]) => [short, await shared(name)]);
    const lab = Object.fromEntries(await Promise.all(loaded));
    const parts = ["record", "commands", "panel", "launcher", "marks"].map((part) => import(address(`${part}.js`)));
    const [record, ...shown] = await Promise.all(parts);
    const IRecord = new lab.tokens.Token(`${NAME}:IRecord`);
    return [record, ...shown].map((part) => part.plugin(lab, IRecord));
  }

  function style() {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address("style.css") });
    return new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = () => reject(new Error(`${NAME}: ${link.href} cannot be loaded`));
      document.head.append(link);
    });
  }

  const DOORS = { "./extension": plugins, "./style": style };
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[NAME] = {
    init(shareScope) {
      scope = shareScope;
    },
    async get(module) {
      const exports = { __esModule: true, default: await DOORS[module]() };
      return () => exports;
    },
  };
}
