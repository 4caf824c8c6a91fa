// [[schema, [answers, ...]], ...] on standard input -> [[whether ajv takes each], ...] on standard output.
const path = require("path");
const Ajv = require(path.join(__dirname, "ajv2020.min.js"));
const text = require("fs").readFileSync(0, "utf8");
const out = JSON.parse(text).map(([schema, answers]) => {
  const ajv = new (Ajv.default || Ajv)({ strict: false, validateFormats: false, allErrors: false });
  const judge = ajv.compile(schema);
  return answers.map((one) => judge(one));
});
console.log(JSON.stringify(out));
