import "./access/credentials.ts";
import "./access/orders.ts";
import "./access/ssh-keys.ts";
