--- The Users and OAuth API of Coronium Core, spoken to a userstore.
--
-- One file without dependencies, for Solar2D (Corona) and for Lua 5.1 to 5.4, LuaJIT included:
--
--   local core = require("userstore")
--   core.init{ server = "https://users.example", key = "..." }
--   core.users.login({ username = "tiny", password = "abcd1234" }, function(evt) print(evt.error, evt.result) end)
--
-- README.md beside this file tells of every call and code.

local core = {
  FACEBOOK = "facebook",
  GOOGLE = "google",
  OPENUDID = "openudid",
  users = {},
}

-- The numbers of Coronium that this client itself gives; all others come from the server.
local WRONG_TYPE, MISSING, NETWORK_ERROR, DECODE_FAILED, ENCODE_FAILED, OTHER = 801, 804, 815, 830, 831, -1

------------------------------------------------------------------------------------------------------------------------
-- JSON (RFC 8259). A null within an object is left out when read; core.users.NULL writes one.
------------------------------------------------------------------------------------------------------------------------

local json = {}
local NULL = setmetatable({}, { __tostring = function() return "null" end })
local ARRAY = {} -- the metatable of tables that are arrays even when they are empty
local MAX_DEPTH = 64

core.users.NULL = NULL
core.NULL = NULL

-- What a decimal point is in this process: Lua's number functions follow the locale of the C library.
local function decimalPoint()
  return string.format("%.1f", 0.5):match("[^%d]+")
end

-- A fault is raised as a table: some Luas put a position before a text.
local function refuse(message)
  error({ fault = message }, 0)
end

-- The function with its fault as a second result, as the functions of Lua itself do it.
local function guarded(f)
  return function(value)
    local done, result = pcall(f, value)
    if done then return result end
    if type(result) == "table" and result.fault then return nil, result.fault end
    error(result, 0)
  end
end

-- Whether the text is UTF-8 without surrogates and overlong forms (RFC 3629, 4).
local function isUtf8(text)
  local i, length = 1, #text
  while i <= length do
    local first, low, high, more = text:byte(i), 0x80, 0xBF, nil
    if first < 0x80 then more = 0
    elseif first < 0xC2 then return false
    elseif first < 0xE0 then more = 1
    elseif first < 0xF0 then more = 2
    elseif first < 0xF5 then more = 3
    else return false end
    if first == 0xE0 then low = 0xA0 elseif first == 0xED then high = 0x9F
    elseif first == 0xF0 then low = 0x90 elseif first == 0xF4 then high = 0x8F end
    for k = 1, more do
      local byte = text:byte(i + k)
      if not byte or byte < low or byte > high then return false end
      low, high = 0x80, 0xBF
    end
    i = i + more + 1
  end
  return true
end

-- The bytes 0 to 31, the quote and the backslash. Said by what they are not: what %c matches depends on the locale, and a
-- zero within a pattern on the version of Lua.
local SPECIAL = "[^ !#-[%]^-\255]"

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escaped(character)
  return ESCAPES[character] or string.format("\\u%04x", character:byte())
end

local function encodeString(text)
  if not isUtf8(text) then refuse("a text is not UTF-8") end
  return '"' .. text:gsub(SPECIAL, escaped) .. '"'
end

local function encodeNumber(number)
  if number ~= number or number == math.huge or number == -math.huge then refuse("a number is not finite") end
  if math.type and math.type(number) == "integer" then return tostring(number) end
  local size = math.abs(number)
  if size < 2 ^ 53 and size == math.floor(size) then
    local sign = number < 0 and "-" or ""
    if size < 1e9 then return sign .. string.format("%d", size) end
    -- In two parts, since not every Lua's %d holds more than 32 bits.
    return sign .. string.format("%d%09d", math.floor(size / 1e9), size % 1e9)
  end
  local short = string.format("%.15g", number)
  local text = tonumber(short) == number and short or string.format("%.17g", number)
  return (text:gsub("%" .. decimalPoint(), "."))
end

-- How many entries an array has, or nil when the table is no array: keys other than 1 to n, or none at all.
local function arrayLength(value)
  local count = 0
  for key in pairs(value) do
    if type(key) ~= "number" then return nil end
    count = count + 1
  end
  if count ~= #value then return nil end
  return (count > 0 or getmetatable(value) == ARRAY) and count or nil
end

local encodeValue

-- Keys in their order, so that the same call is always the same request.
local function encodeObject(value, depth)
  local keys, parts = {}, {}
  for key in pairs(value) do
    if type(key) ~= "string" then refuse("a key is a " .. type(key) .. ", not a string") end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for i, key in ipairs(keys) do
    parts[i] = encodeString(key) .. ":" .. encodeValue(value[key], depth)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function encodeValue(value, depth)
  if depth > MAX_DEPTH then refuse("nested deeper than " .. MAX_DEPTH .. ", or in a circle") end
  local kind = type(value)
  if value == NULL then return "null" end
  if kind == "string" then return encodeString(value) end
  if kind == "number" then return encodeNumber(value) end
  if kind == "boolean" then return tostring(value) end
  if kind ~= "table" then refuse("a " .. kind .. " cannot be sent") end
  local length = arrayLength(value)
  if not length then return encodeObject(value, depth + 1) end
  local parts = {}
  for i = 1, length do parts[i] = encodeValue(value[i], depth + 1) end
  return "[" .. table.concat(parts, ",") .. "]"
end

--- Writes a value as JSON, or answers nil and why that cannot be. An empty table is an object, unless json.array made it.
json.encode = guarded(function(value)
  return encodeValue(value, 0)
end)

--- Marks a table as an array, so that it is one even when it is empty.
function json.array(entries)
  return setmetatable(entries or {}, ARRAY)
end

local function utf8Character(code)
  if code < 0x80 then return string.char(code) end
  if code < 0x800 then return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40) end
  if code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return string.char(0xF0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40,
    0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

local UNESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function broken(position)
  refuse("broken JSON at character " .. position)
end

local function skipSpace(text, position)
  return text:find("[^ \t\r\n]", position) or #text + 1
end

local function decodeUnicode(text, position)
  local hex = text:match("^%x%x%x%x", position)
  if not hex then broken(position) end
  local code = tonumber(hex, 16)
  position = position + 4
  if code >= 0xDC00 and code <= 0xDFFF then broken(position) end
  if code < 0xD800 or code > 0xDBFF then return utf8Character(code), position end
  local low = text:match("^\\u(%x%x%x%x)", position)
  low = low and tonumber(low, 16)
  if not low or low < 0xDC00 or low > 0xDFFF then broken(position) end
  return utf8Character(0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00)), position + 6
end

-- The position is that of the first character after the opening quote.
local function decodeString(text, position)
  local parts = {}
  while true do
    local stop = text:find(SPECIAL, position)
    if not stop then broken(#text + 1) end
    parts[#parts + 1] = text:sub(position, stop - 1)
    local found = text:sub(stop, stop)
    if found == '"' then
      return table.concat(parts), stop + 1
    elseif found ~= "\\" then
      broken(stop)
    else
      local name = text:sub(stop + 1, stop + 1)
      if name == "u" then
        parts[#parts + 1], position = decodeUnicode(text, stop + 2)
      else
        parts[#parts + 1], position = UNESCAPES[name] or broken(stop), stop + 2
      end
    end
  end
end

local function decodeNumber(text, position)
  local whole = text:match("^-?0", position) or text:match("^-?[1-9]%d*", position)
  if not whole then broken(position) end
  local stop = position + #whole
  local rest = (text:match("^%.%d+", stop) or "")
  rest = rest .. (text:match("^[eE][+-]?%d+", stop + #rest) or "")
  local literal = whole .. rest
  return tonumber(literal) or tonumber((literal:gsub("%.", decimalPoint()))), stop + #rest
end

local decodeValue

local function decodeArray(text, position, depth)
  local entries = json.array()
  position = skipSpace(text, position)
  if text:sub(position, position) == "]" then return entries, position + 1 end
  local count = 0
  while true do
    count = count + 1
    -- Null keeps its place here, since without it the entries behind would move.
    local value
    value, position = decodeValue(text, position, depth)
    if value == nil then value = NULL end
    entries[count] = value
    position = skipSpace(text, position)
    local mark = text:sub(position, position)
    position = position + 1
    if mark == "]" then return entries, position end
    if mark ~= "," then broken(position - 1) end
  end
end

local function decodeObject(text, position, depth)
  local object = {}
  position = skipSpace(text, position)
  if text:sub(position, position) == "}" then return object, position + 1 end
  while true do
    position = skipSpace(text, position)
    if text:sub(position, position) ~= '"' then broken(position) end
    local key
    key, position = decodeString(text, position + 1)
    position = skipSpace(text, position)
    if text:sub(position, position) ~= ":" then broken(position) end
    object[key], position = decodeValue(text, position + 1, depth)
    position = skipSpace(text, position)
    local mark = text:sub(position, position)
    position = position + 1
    if mark == "}" then return object, position end
    if mark ~= "," then broken(position - 1) end
  end
end

function decodeValue(text, position, depth)
  position = skipSpace(text, position)
  if depth > MAX_DEPTH then broken(position) end
  local first = text:sub(position, position)
  if first == '"' then return decodeString(text, position + 1) end
  if first == "{" then return decodeObject(text, position + 1, depth + 1) end
  if first == "[" then return decodeArray(text, position + 1, depth + 1) end
  if text:find("^true", position) then return true, position + 4 end
  if text:find("^false", position) then return false, position + 5 end
  if text:find("^null", position) then return nil, position + 4 end
  return decodeNumber(text, position)
end

--- Reads JSON, or answers nil and a text that names the place where it is broken.
json.decode = guarded(function(text)
  local value, position = decodeValue(text, 1, 0)
  position = skipSpace(text, position)
  if position <= #text then broken(position) end
  return value
end)

core.json = json

------------------------------------------------------------------------------------------------------------------------
-- SHA-256 (FIPS 180-4) by arithmetic alone, since Lua 5.1 has no bit operators and 5.3 no bit library.
------------------------------------------------------------------------------------------------------------------------

local TWO_32 = 2 ^ 32

local XOR, AND = {}, {} -- of two half bytes, by 16 * a + b
for a = 0, 15 do
  for b = 0, 15 do
    local x, y, exclusive, both = a, b, 0, 0
    for bit = 0, 3 do
      local p, q = x % 2, y % 2
      if p ~= q then exclusive = exclusive + 2 ^ bit end
      if p + q == 2 then both = both + 2 ^ bit end
      x, y = (x - p) / 2, (y - q) / 2
    end
    XOR[16 * a + b], AND[16 * a + b] = exclusive, both
  end
end

local function bitwise(halves, a, b)
  local result, place = 0, 1
  for _ = 1, 8 do
    local x, y = a % 16, b % 16
    result = result + halves[16 * x + y] * place
    a, b, place = (a - x) / 16, (b - y) / 16, place * 16
  end
  return result
end

local function xor(a, b, c)
  local two = bitwise(XOR, a, b)
  return c and bitwise(XOR, two, c) or two
end

local function shifted(value, by)
  return math.floor(value / 2 ^ by)
end

local function rotated(value, by)
  return shifted(value, by) + value % 2 ^ by * 2 ^ (32 - by)
end

-- The first 32 bits of the fractional part: of square roots (power 1/2) and cube roots (power 1/3) of primes.
local function fraction(prime, power)
  return math.floor((prime ^ power) % 1 * TWO_32)
end

local PRIMES = {}
do
  local candidate = 2
  while #PRIMES < 64 do
    local isPrime = true
    for _, prime in ipairs(PRIMES) do
      if candidate % prime == 0 then isPrime = false break end
    end
    if isPrime then PRIMES[#PRIMES + 1] = candidate end
    candidate = candidate + 1
  end
end

local ROUND = {}
for i = 1, 64 do ROUND[i] = fraction(PRIMES[i], 1 / 3) end

local function padded(message)
  local bits = #message * 8
  local length = {}
  for i = 8, 1, -1 do
    length[i] = string.char(bits % 256)
    bits = math.floor(bits / 256)
  end
  return message .. "\128" .. ("\0"):rep((55 - #message) % 64) .. table.concat(length)
end

local function schedule(block, start)
  local w = {}
  for i = 1, 16 do
    local a, b, c, d = block:byte(start + 4 * i - 4, start + 4 * i - 1)
    w[i] = ((a * 256 + b) * 256 + c) * 256 + d
  end
  for i = 17, 64 do
    local early, late = w[i - 15], w[i - 2]
    local s0 = xor(rotated(early, 7), rotated(early, 18), shifted(early, 3))
    local s1 = xor(rotated(late, 17), rotated(late, 19), shifted(late, 10))
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) % TWO_32
  end
  return w
end

local function compress(hash, w)
  local a, b, c, d, e, f, g, h = hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7], hash[8]
  for i = 1, 64 do
    local s1 = xor(rotated(e, 6), rotated(e, 11), rotated(e, 25))
    local choice = xor(bitwise(AND, e, f), bitwise(AND, TWO_32 - 1 - e, g))
    local t1 = (h + s1 + choice + ROUND[i] + w[i]) % TWO_32
    local s0 = xor(rotated(a, 2), rotated(a, 13), rotated(a, 22))
    local majority = xor(bitwise(AND, a, b), bitwise(AND, a, c), bitwise(AND, b, c))
    h, g, f, e, d, c, b, a = g, f, e, (d + t1) % TWO_32, c, b, a, (t1 + s0 + majority) % TWO_32
  end
  for i, value in ipairs({ a, b, c, d, e, f, g, h }) do hash[i] = (hash[i] + value) % TWO_32 end
end

--- The SHA-256 of a text's bytes, as 64 hexadecimal digits in lower case.
function core.sha256(message)
  local hash, text = {}, padded(message)
  for i = 1, 8 do hash[i] = fraction(PRIMES[i], 1 / 2) end
  for start = 1, #text, 64 do compress(hash, schedule(text, start)) end
  local digits = {}
  for i = 1, 8 do digits[i] = string.format("%04x%04x", math.floor(hash[i] / 65536), hash[i] % 65536) end
  return table.concat(digits)
end

------------------------------------------------------------------------------------------------------------------------
-- Transports: function(request, callback). The request has method, url, headers, body (or nil) and timeout (seconds);
-- the callback takes { status = 200, body = "…" }, or { error = "…" } when no answer came.
------------------------------------------------------------------------------------------------------------------------

local function solar2dTransport(solarNetwork)
  return function(request, callback)
    solarNetwork.request(request.url, request.method, function(event)
      if event.isError then
        callback({ error = tostring(event.response or "no answer") })
      else
        callback({ status = event.status, body = event.response or "" })
      end
    end, {
      headers = request.headers,
      body = request.body,
      timeout = request.timeout,
      -- An answer that leads elsewhere is not followed: the key would go along.
      handleRedirects = false,
    })
  end
end

local function luaSocketTransport(http, ltn12, cafile)
  return function(request, callback)
    local chunks = {}
    local call = {
      url = request.url,
      method = request.method,
      headers = {},
      source = request.body and ltn12.source.string(request.body) or nil,
      sink = ltn12.sink.table(chunks),
      redirect = false,
    }
    for name, value in pairs(request.headers) do call.headers[name] = value end
    if request.body then call.headers["Content-Length"] = tostring(#request.body) end
    local client = http
    if request.url:find("^https:") then
      local found, https = pcall(require, "ssl.https")
      if not found then
        return callback({ error = "an https server needs LuaSec (ssl.https)" })
      end
      -- LuaSec verifies nothing unless it is told to.
      call.verify, call.cafile = "peer", cafile
      client = https
    end
    client.TIMEOUT = request.timeout
    local done, status = client.request(call)
    if done then
      callback({ status = status, body = table.concat(chunks) })
    else
      callback({ error = tostring(status) })
    end
  end
end

local function defaultTransport(options, server)
  local solarNetwork = rawget(_G, "network")
  if type(solarNetwork) == "table" and solarNetwork.request then return solar2dTransport(solarNetwork) end
  local foundHttp, http = pcall(require, "socket.http")
  local foundLtn12, ltn12 = pcall(require, "ltn12")
  if foundHttp and foundLtn12 then
    if server:find("^https:") and not options.cafile then
      error("core.init: LuaSec knows no certificate authorities; pass cafile, such as /etc/ssl/certs/ca-certificates.crt", 3)
    end
    return luaSocketTransport(http, ltn12, options.cafile)
  end
  error("core.init: neither Solar2D's network nor LuaSocket is here; pass transport = function(request, callback)", 3)
end

-- Milliseconds of a clock that also runs while a request is waited for.
local function clock()
  local solarSystem = rawget(_G, "system")
  if type(solarSystem) == "table" and solarSystem.getTimer then return solarSystem.getTimer() end
  local found, socket = pcall(require, "socket")
  if found then return socket.gettime() * 1000 end
  return os.time() * 1000
end

------------------------------------------------------------------------------------------------------------------------
-- Set up
------------------------------------------------------------------------------------------------------------------------

-- The last three are Coronium's own and change nothing: a key belongs to one application, which is the scope.
local OPTIONS = {
  server = "string", host = "string", key = "string", timeout = "number", hash_passwords = "boolean",
  transport = "function", cafile = "string", clock = "function", version = "number", scope = "string", api = "string",
}

local settings

--- Names the server and the key. Raises an error when an option is missing, unknown or of a wrong type.
function core.init(options)
  if type(options) ~= "table" then error("core.init needs a table: core.init{ server = …, key = … }", 2) end
  for name, value in pairs(options) do
    local kind = OPTIONS[name]
    if not kind then error("core.init: unknown option " .. tostring(name), 2) end
    if type(value) ~= kind then error("core.init: " .. name .. " must be a " .. kind, 2) end
  end
  local server = options.server or options.host
  if not server or not server:find("^https?://[^/?#]") then
    error("core.init: server must be an address such as https://users.example", 2)
  end
  if not options.key or options.key == "" or options.key:find("[^\33-\126]") then
    error("core.init: key must be the application's key", 2)
  end
  local timeout = options.timeout or 30
  if timeout <= 0 then error("core.init: timeout must be a positive number of seconds", 2) end
  settings = {
    server = server:gsub("/+$", ""),
    key = options.key,
    timeout = timeout,
    hashPasswords = options.hash_passwords or false,
    transport = options.transport or defaultTransport(options, server),
    clock = options.clock or clock,
  }
end

------------------------------------------------------------------------------------------------------------------------
-- Calls
------------------------------------------------------------------------------------------------------------------------

-- Every call ends here, once: with an event that has either an error and its status, or a result.
local function report(call, event)
  event.name = "userstore"
  event.tt = settings.clock() - call.began
  call.listener(event)
end

local function fail(call, status, message)
  report(call, { error = message, status = status })
end

-- An error as the server tells it (RFC 9457), or whatever stands between here and there.
local function failure(status, body)
  local problem = json.decode(body)
  if type(problem) ~= "table" or not problem.error then
    return { error = "the server answered with HTTP status " .. tostring(status), status = OTHER, http_status = status }
  end
  return {
    error = tostring(problem.detail or problem.title or problem.error),
    status = problem.code or OTHER,
    http_status = status,
    problem = problem,
  }
end

-- Sends a request and hands the decoded answer to `success`, which makes the result of it. `rescue` may make one of a
-- failure.
local function send(call, method, path, body, success, rescue)
  local request = {
    method = method,
    url = settings.server .. path,
    headers = { Authorization = "Bearer " .. settings.key, Accept = "application/json" },
    timeout = settings.timeout,
  }
  if body then
    local text, fault = json.encode(body)
    if not text then return fail(call, ENCODE_FAILED, fault) end
    request.body = text
    request.headers["Content-Type"] = "application/json"
    -- A PUT answers only what changed unless it is asked for all.
    if method == "PUT" then request.headers.Prefer = "return=representation" end
  end
  local answered = false
  settings.transport(request, function(response)
    if answered then return end -- a listener hears of its call once, whatever the transport does
    answered = true
    if response.error then return fail(call, NETWORK_ERROR, response.error) end
    local status, text = tonumber(response.status) or 0, response.body or ""
    if status < 200 or status > 299 then
      local event = failure(status, text)
      local result = rescue and rescue(event)
      return report(call, result ~= nil and { result = result } or event)
    end
    local answer
    if text ~= "" then
      local fault
      answer, fault = json.decode(text)
      if fault then return fail(call, DECODE_FAILED, fault) end
    end
    report(call, { result = success(type(answer) == "table" and answer or {}) })
  end)
end

-- Begins a call; nil when a parameter is missing or of a wrong type, which the listener has then been told.
local function begin(params, listener, required)
  if type(params) == "function" and listener == nil then params, listener = {}, params end
  if type(listener) ~= "function" then error("a listener function is needed", 3) end
  if not settings then error("core.init must come first", 3) end
  local call = { listener = listener, began = settings.clock() }
  if type(params) ~= "table" then
    return fail(call, WRONG_TYPE, "the data parameters must be a table")
  end
  for _, name in ipairs(required) do
    local expected = name == "update" and "table" or name == "expiry" and "number" or "string"
    local value = params[name]
    if value == nil or value == "" then return fail(call, MISSING, name .. ": is required") end
    if type(value) ~= expected then return fail(call, WRONG_TYPE, name .. ": must be a " .. expected) end
  end
  call.params = params
  return call
end

local function encoded(text)
  return (text:gsub("[^A-Za-z0-9%-%._~]", function(character) return string.format("%%%02X", character:byte()) end))
end

local function userPath(params, rest)
  return "/1/users/" .. encoded(params.user_id) .. (rest or "")
end

local function providerPath(params)
  return userPath(params, "/auth-providers/" .. encoded(params.provider))
end

local function copied(fields, without)
  local copy = {}
  for name, value in pairs(fields) do
    if not (without and without[name]) then copy[name] = value end
  end
  return copy
end

-- The fields of a user as Coronium calls them, as the server does.
local function sent(fields)
  local body = copied(fields, { active = true })
  if fields.active ~= nil then body.is_active = fields.active end
  if settings.hashPasswords and type(body.password) == "string" then body.password = core.sha256(body.password) end
  return body
end

-- A user as the server answers it, with Coronium's names beside.
local function user(answer)
  answer.user_id = answer.id
  answer.scope = answer.application
  answer.active = answer.is_active
  return answer
end

local function same(answer)
  return answer
end

--- Creates a user; the result has user_id.
function core.users.create(params, listener)
  local call = begin(params, listener, {})
  if call then send(call, "POST", "/1/users", sent(call.params), user) end
end

--- Signs a user in, by username or email and password, or by provider and client_id; the result is the user.
function core.users.login(params, listener)
  local call = begin(params, listener, {})
  if call then send(call, "POST", "/1/auth/signin", sent(call.params), user) end
end

--- The result is the user; marks no login.
function core.users.get(params, listener)
  local call = begin(params, listener, { "user_id" })
  if call then send(call, "GET", userPath(call.params), nil, user) end
end

--- Changes what the table update names; the result is the whole user. Sent as PUT: Solar2D's network.request documents
-- no PATCH.
function core.users.update(params, listener)
  local call = begin(params, listener, { "user_id", "update" })
  if call then send(call, "PUT", userPath(call.params), sent(call.params.update), user) end
end

--- The result is the number of users deleted: 1, or 0 when there is none with that id.
function core.users.delete(params, listener)
  local call = begin(params, listener, { "user_id" })
  if not call then return end
  send(call, "DELETE", userPath(call.params), nil, function() return 1 end, function(event)
    if event.problem and event.problem.error == "user_not_found" then return 0 end
  end)
end

--- Sends the confirmation mail once more; the result is the user's id.
function core.users.resendConfirmation(params, listener)
  local call = begin(params, listener, { "user_id" })
  if not call then return end
  local id = call.params.user_id
  send(call, "POST", userPath(call.params, "/confirmation"), nil, function(answer) return answer.user_id or id end)
end

--- Sends the mail with which a user sets a new password, to the user with that user_id, or to that email address: then
-- nobody learns whether a user has it. The mail links to reset_url, or to a page of the server's own. With user_id it takes
-- from_email, subject, tpl_keys and email_tpl, which Coronium's page of it calls tpl_name. The result is "OK".
function core.users.sendPasswordResetLink(params, listener)
  local byEmail = type(params) == "table" and params.email ~= nil
  local call = begin(params, listener, { byEmail and "email" or "user_id" })
  if not call then return end
  local body = copied(call.params, { user_id = true, reset_url = true, tpl_name = true })
  if body.email_tpl == nil then body.email_tpl = call.params.tpl_name end
  local path = byEmail and "/1/auth/forgot-password" or userPath(call.params, "/password-reset")
  if call.params.reset_url then path = path .. "?reset_url=" .. encoded(tostring(call.params.reset_url)) end
  send(call, "POST", path, next(body) and body or nil, function() return "OK" end)
end

--- Links an identity of an OAuth provider to a user; the result is what getAuthProvider answers.
function core.users.addAuthProvider(params, listener)
  local call = begin(params, listener, { "user_id", "provider" })
  if not call then return end
  -- Coronium's page shows the identity both in a table auth of its own and beside the provider.
  local body = copied(call.params, { user_id = true, auth = true })
  for name, value in pairs(type(call.params.auth) == "table" and call.params.auth or {}) do body[name] = value end
  send(call, "POST", userPath(call.params, "/auth-providers"), body, same)
end

--- The result has client_id, access_token, access_token_expiry, access_token_expired and provider.
function core.users.getAuthProvider(params, listener)
  local call = begin(params, listener, { "user_id", "provider" })
  if call then send(call, "GET", providerPath(call.params), nil, same) end
end

--- Changes client_id, access_token or access_token_expiry; the result is what getAuthProvider answers.
function core.users.updateAuthProvider(params, listener)
  local call = begin(params, listener, { "user_id", "provider", "update" })
  if call then send(call, "PATCH", providerPath(call.params), call.params.update, same) end
end

--- Takes the link away; the result has user_id.
function core.users.removeAuthProvider(params, listener)
  local call = begin(params, listener, { "user_id", "provider" })
  if not call then return end
  local id = call.params.user_id
  send(call, "DELETE", providerPath(call.params), nil, function() return { user_id = id } end)
end

--- The result has expired, true or false, by the server's clock.
function core.users.accessTokenExpired(params, listener)
  local call = begin(params, listener, { "user_id", "provider" })
  if not call then return end
  send(call, "GET", providerPath(call.params), nil, function(answer)
    return { expired = answer.access_token_expired == true }
  end)
end

--- Gives the access token another expiry (a unix time in seconds) and, with token, another text.
function core.users.updateTokenExpiry(params, listener)
  local call = begin(params, listener, { "user_id", "provider", "expiry" })
  if not call then return end
  local update = { access_token_expiry = call.params.expiry, access_token = call.params.token }
  send(call, "PATCH", providerPath(call.params), update, same)
end

return core
