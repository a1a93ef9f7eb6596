import { defineConfig } from "vite";

export default defineConfig({
  // The built page can lie in any folder of a site.
  base: "./",
  // For what it awaits at the top of a module.
  build: { target: "es2022" },
});
