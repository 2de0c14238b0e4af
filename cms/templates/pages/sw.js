{% load static %}/* Only for the moment without a connection: a page that can't be fetched becomes the offline page. */
const KEPT = "offline-1";
const PARTS = ["/offline/", "{% static "css/site.css" %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => cache.addAll(PARTS.map((part) => new Request(part, { credentials: "omit", cache: "reload" })))),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match("/offline/")));
  } else if (PARTS.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
