import "./pas/aggregate.ts";
import "./pas/collections.ts";
import "./pas/search.ts";
import "./pas/select.ts";
