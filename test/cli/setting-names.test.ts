import { expect, it } from "vitest";
import { SETTING_NAMES } from "../../src/cli/setting-names.ts";
import { settingNames } from "../../src/core/settings.ts";

it("npm start hands on every setting that the Worker reads", () => {
  expect([...SETTING_NAMES].sort()).toEqual([...settingNames].sort());
});
