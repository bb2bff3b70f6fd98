// The browser's own worker: shows that a question waits. It says one of some fixed sentences, whatever it is sent: nothing about a
// patient can stand on a lock screen, and nothing is kept.
//
// 1. A notice that comes twice takes the place of the first.
// 2. It opens a page of this site, which asks for a sign-in.
const SAYS = {
  urgent: "An urgent question is waiting for you.",
  urgent_again: "An urgent question is still waiting for you.",
  asked: "A question is waiting for you.",
  nobody_opened: "Nobody has opened your urgent question.",
  nobody_answered: "Nobody has answered your urgent question.",
  taken_on: "Somebody is on your question.",
  answered: "Your question has been answered.",
  test: "This is a test. Urgent questions will reach you here.",
};
const PAGE = /^\/(o\/[A-Za-z0-9_-]{1,32}\/|me\/notices\/)$/;

self.addEventListener("push", (event) => {
  let sent = {};
  try {
    sent = event.data.json();
  } catch {
    // What cannot be read still says that something waits.
  }
  const open = PAGE.test(sent.open) ? sent.open : "/";
  const body = SAYS[sent.says] ?? "Something is waiting for you.";
  event.waitUntil(self.registration.showNotification("Safelight", {
    body,
    tag: String(sent.notice ?? "safelight"), // (1)
    data: { open },
    requireInteraction: String(sent.says).startsWith("urgent"),
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.open)); // (2)
});
