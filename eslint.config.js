// The files of page/ share one scope, in the order of jsconfig.json: tsc checks the names, eslint the habits.
module.exports = [
  {
    files: ["src/reseau_territorial/maps/page/*.js"],
    languageOptions: { ecmaVersion: 2019, sourceType: "script" },
    rules: {
      "eqeqeq": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
      "no-unreachable": "error",
      "no-dupe-keys": "error",
      "consistent-return": "error",
      "complexity": ["error", 24],
      "max-len": ["error", { "code": 170 }],
      "no-restricted-properties": ["error",
        { "property": "innerHTML", "message": "use textContent" },
        { "property": "outerHTML", "message": "use textContent" },
        { "property": "insertAdjacentHTML", "message": "use append" }],
      "no-restricted-syntax": ["error", { "selector": "CallExpression[callee.object.name='document'][callee.property.name='write']", "message": "use append" }],
    },
  },
];
