/** A refusal of the service: HTTP status, error code and message, in the body shape of the Databricks REST API. */

export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly headers: Record<string, string>;
  constructor(status: number, errorCode: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

/** The error body: `{error_code, message, details: [ErrorInfo]}`. */
export function errorBody(error: ApiError): object {
  return {
    error_code: error.errorCode,
    message: error.message,
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: error.errorCode,
        domain: "fake.databricks.com",
        metadata: {},
      },
    ],
  };
}

/** 400 with `INVALID_PARAMETER_VALUE`. */
export function invalid(message: string): ApiError {
  return new ApiError(400, "INVALID_PARAMETER_VALUE", message);
}

/** 400 with `MALFORMED_REQUEST`. */
export function malformed(message: string): ApiError {
  return new ApiError(400, "MALFORMED_REQUEST", message);
}

/** 403 with `PERMISSION_DENIED`. */
export function denied(message: string): ApiError {
  return new ApiError(403, "PERMISSION_DENIED", message);
}

/** 404 with `RESOURCE_DOES_NOT_EXIST`. */
export function absent(message: string): ApiError {
  return new ApiError(404, "RESOURCE_DOES_NOT_EXIST", message);
}
