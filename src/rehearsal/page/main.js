// Starts the page: every part watches the room and shows its own.

import { app, refresh, restorePlace, onChange } from "./app.js";
import { startChat } from "./chat.js";
import { startChats } from "./chats.js";
import { startClock } from "./clock.js";
import { startComposer } from "./composer.js";
import { startDelivery } from "./delivery.js";
import { byId } from "./dom.js";
import { startKeeping } from "./keeping.js";
import { listen } from "./net.js";
import { startNotices } from "./notices.js";
import { startPeople } from "./people.js";
import { startStage } from "./stage.js";
import { startStrip } from "./strip.js";
import { startTabs } from "./tabs.js";

restorePlace();
startNotices();
startStrip();
startChats();
startChat();
startComposer();
startPeople();
startTabs();
startClock();
startStage();
startDelivery();
startKeeping();
onChange(() => {
  byId("panes").dataset.pane = app.pane;
  document.title = `${app.room?.title ?? "督办"} · 预演室`;
});
listen(refresh, (stands) => {
  app.connected = stands;
  startStrip.show();
});
refresh();
