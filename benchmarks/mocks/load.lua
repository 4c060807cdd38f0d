-- For wrk: one request over and over, and the figures as a line of JSON at the end.
--
--   wrk … --script load.lua URL -- BODY_FILE CONTENT_TYPE HEADER VALUE

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  file:close()
  wrk.headers["Content-Type"] = arguments[2]
  wrk.headers[arguments[3]] = arguments[4]
end

function done(summary, latency, _)
  local errors = summary.errors
  local line = '{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n'
  io.write(string.format(
    line,
    summary.requests,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99),
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
