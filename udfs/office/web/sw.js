// Keeps the add-in's files, so that it works while the web server is down. A new version is taken in whole, file by file
// checked, beside the one in use, and used from the next start of Excel on.
importScripts("files.js"); // FILES: file -> SHA-256; BUILD: name of the version

const EDITIONS = "edizioni.zip";
const SECONDS = 3;
const at = (name) => new URL(name, self.registration.scope).href;

async function checked(name, digest) {
  const answer = await fetch(at(name), { cache: "no-cache" });
  const bytes = await answer.clone().arrayBuffer();
  const found = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
  if (!answer.ok || found.map((byte) => byte.toString(16).padStart(2, "0")).join("") !== digest) {
    throw new Error(`${name} is not the file of this version`);
  }
  return [name, answer];
}

async function take() {
  const answers = await Promise.all(Object.entries(FILES).map(([name, digest]) => checked(name, digest)));
  const kept = await caches.open(BUILD);
  await Promise.all(answers.map(([name, answer]) => kept.put(at(name), answer)));
}

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== BUILD && name !== EDITIONS).map((name) => caches.delete(name)));
}

// The added editions as the server has them now; as it had them last where it does not answer.
async function editions(request) {
  const kept = await caches.open(EDITIONS);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(SECONDS * 1000) });
    if (answer.ok || answer.status === 404) {
      await kept.put(at(EDITIONS), answer.clone());
      return answer;
    }
  } catch {
    // the one that was kept
  }
  return (await kept.match(at(EDITIONS))) ?? Response.error();
}

async function answerTo(request) {
  const kept = await caches.open(BUILD);
  return (await kept.match(request, { ignoreSearch: true })) ?? fetch(request);
}

oninstall = (event) => event.waitUntil(take());
onactivate = (event) => event.waitUntil(forget());
onfetch = (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.split("?")[0] === at(EDITIONS)) {
    event.respondWith(editions(event.request));
  } else if (method === "GET" && url.startsWith(at(""))) {
    event.respondWith(answerTo(event.request));
  }
};
