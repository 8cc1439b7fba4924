/** The page: finds a trace, or simulates its example, and plays it. */
import "./style/page.css";
import "./style/charts.css";
import "./style/print.css";
import { createApp } from "./app.ts";

createApp();
