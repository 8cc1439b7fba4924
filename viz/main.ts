/** The page: finds a trace, or simulates its example, and plays it. */
import "./style/theme.css";
import "./style/base.css";
import "./style/masthead.css";
import "./style/fields.css";
import "./style/cockpit.css";
import "./style/overview.css";
import "./style/panels.css";
import "./style/charts.css";
import "./style/lanes.css";
import "./style/dirty-pages.css";
import "./style/rounds.css";
import "./style/memory.css";
import "./style/blackout.css";
import "./style/cluster.css";
import "./style/nodes.css";
import "./style/event-log.css";
import "./style/what-if.css";
import "./style/exports.css";
import "./style/tables.css";
import "./style/dialogs.css";
import "./style/explain.css";
import "./style/lesson.css";
import "./style/study.css";
import "./style/print.css";
import "./style/hidden.css";
import { createApp } from "./app.ts";

createApp();
