import "./access/controllers.ts";
