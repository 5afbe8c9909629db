import "./access/agents.ts";
import "./access/expiry.ts";
import "./access/orders.ts";
