import "./access/conventions.ts";
import "./access/credentials.ts";
import "./access/users.ts";
import "./access/user-list.ts";
import "./access/passwords.ts";
import "./access/removal.ts";
import "./access/bad-input.ts";
import "./access/controllers.ts";
