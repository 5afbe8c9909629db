import { FILES } from "../../../src/http/docs/reference/files.ts";
import { ADMIN, aStoredUser, asAdmin, asBearer, aUser, bearer, rows, unique, uniqueEmail, xAuth } from "../http.ts";
import { basic } from "../password-ways.ts";
import type { UsualCalls } from "../trips.ts";

const PASSWORD = "a-password";

/** The management dialect's calls about people. */
export const management: UsualCalls = {
  "put /user/token": async () => {
    const { name } = await aStoredUser(unique("user"), PASSWORD);
    return { body: { username: name, password: PASSWORD } };
  },
  "post /user/add": async () => ({
    headers: await asAdmin(),
    body: { username: unique("user"), password: PASSWORD },
  }),
  "put /user/password": async () => {
    const { name: username, token } = await aUser();
    return { headers: xAuth(token), body: { username, password: "another-password" } };
  },
  "put /user/permission": async () => {
    const { name: username } = await aUser();
    return { headers: await asAdmin(), body: { username, permission: "herqles.job.get" } };
  },
  "delete /user/permission": async () => {
    const { id, name: username } = await aStoredUser(unique("user"), PASSWORD);
    await rows("insert into permissions (user_id, permission) values (?, 'herqles.job.get') returning seq", id);
    return { headers: await asAdmin(), body: { username, permission: "herqles.job.get" } };
  },
  "get /user/{username}": async () => {
    const { name: username, token } = await aUser();
    return { params: { username }, headers: xAuth(token) };
  },
  "delete /user/{username}": async () => {
    const { name: username } = await aUser();
    return { params: { username }, headers: await asAdmin() };
  },
};

export const roster: UsualCalls = {
  "get /user": async () => ({ headers: await asBearer(), query: "?perPage=20&page=1" }),
  "post /user": async () => ({
    headers: await asBearer(),
    body: { name: unique("user"), password: PASSWORD, email: uniqueEmail() },
  }),
  "get /user/{user_name}": async () => {
    const { name: user_name, token } = await aUser();
    return { params: { user_name }, headers: bearer(token) };
  },
  "patch /user/{user_name}": async () => {
    const { name: user_name } = await aUser();
    return {
      params: { user_name },
      headers: await asBearer(),
      body: { version: 0, role: "USER", email: uniqueEmail() },
    };
  },
  "delete /user/{user_name}": async () => {
    const { name: user_name } = await aUser();
    return { params: { user_name }, headers: await asBearer() };
  },
  "post /auth/login": async () => {
    const { name } = await aStoredUser(unique("user"), PASSWORD);
    return { headers: basic(name, PASSWORD) };
  },
  "post /auth/bump": async () => ({ headers: bearer((await aUser()).token) }),
  "post /auth/logout": async () => ({ headers: bearer((await aUser()).token) }),
};

export const site: UsualCalls = {
  "get /healthz": () => ({}),
  "get /dev/mail": async () => ({ headers: await asAdmin(), query: "?to=nobody@example.org" }),
  "get /audit": async () => ({ headers: await asAdmin(), query: `?actor=${ADMIN.username}` }),
};

export const docs: UsualCalls = {
  "get /openapi.json": () => ({}),
  "get /openapi/{file}": () => ({ params: { file: "roster.json" } }),
  "get /docs": () => ({}),
  "get /docs/{dialect}": () => ({ params: { dialect: "roster" } }),
  "get /docs/files/{file}": () => ({ params: { file: FILES.style.path.replace("/docs/files/", "") } }),
};
