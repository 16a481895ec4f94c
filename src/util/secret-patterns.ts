/** Secrets that are known by their form: in messages of Spark, JDBC, Azure and AWS, which like to quote what they were given. */

const MASK = "***";

/** What stands before a secret stays (first group), so that a message says what was masked. */
const PATTERNS: readonly RegExp[] = [
  // Authorization headers
  /\b(Bearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi,
  /\b(Basic\s+)[A-Za-z0-9+/]{16,}=*/g,
  // shared access signatures and account keys of Azure Storage, connection strings of Service Bus and Event Hubs
  /([?&;\s]sig=)[A-Za-z0-9%+/=_-]{16,}/gi,
  /\b((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s"']{8,}/gi,
  // personal access tokens of Databricks, our own tokens, tokens of GitHub
  /()\bdapi[0-9a-f]{32}(?:-\d+)?\b/g,
  /()\bhgt_[A-Za-z0-9_-]{20,}/g,
  /()\bgh[pousr]_[A-Za-z0-9]{30,}/g,
  // access key ids of AWS
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  // JDBC and ODBC properties, variables, JSON members
  /\b((?:password|passwd|pwd|client_?secret|secret_?access_?key|access_?token|api_?key)["']?\s*[=:]\s*["']?)[^\s"';,&)}]{3,}/gi,
  // user information in addresses
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]{1,200}:)[^\s/@]{1,500}(?=@)/gi,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?=-----END|$)/g,
];

/**
 * The text with everything masked that has the form of a secret. Remembered values are masked by `redact`; this is for
 * text from programs whose secrets we do not know.
 */
export function maskSecrets(text: string): string {
  return PATTERNS.reduce((masked, pattern) => masked.replace(pattern, `$1${MASK}`), text);
}
