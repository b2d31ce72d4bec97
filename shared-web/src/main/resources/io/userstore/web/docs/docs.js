'use strict';
(() => {
  const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
  const main = document.getElementById('content');
  const nav = document.getElementById('contents');
  const menu = document.getElementById('menu');
  const search = document.getElementById('search');
  let api;

  /** Makes an element; texts stay texts, so that nothing in the document can become markup. */
  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => {
      if (key === 'on') Object.entries(value).forEach(([event, run]) => element.addEventListener(event, run));
      else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? '' : value);
    });
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
    return element;
  }

  /** Follows a reference; what stands beside it counts more. */
  function resolve(node) {
    if (!node || !node.$ref) return node || {};
    const target = node.$ref.slice(2).split('/').reduce((at, key) => at[key.replace(/~1/g, '/').replace(/~0/g, '~')], api);
    const {$ref, ...own} = node;
    return {...resolve(target), ...own};
  }

  const nameOf = node => node && node.$ref && node.$ref.startsWith('#/components/schemas/') ? node.$ref.split('/').pop() : null;

  /** The little of Markdown that the document uses: paragraphs, code, bold. */
  function inline(text) {
    return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map(part =>
      part.startsWith('`') && part.length > 1 ? el('code', {}, part.slice(1, -1))
        : part.startsWith('**') && part.length > 3 ? el('strong', {}, part.slice(2, -2)) : part);
  }
  const prose = text => (text || '').trim().split(/\n\s*\n/).filter(Boolean).map(each => el('p', {}, inline(each.replace(/\s*\n\s*/g, ' '))));

  /* ---- Schemas ---- */

  function type(node) {
    const name = nameOf(node);
    if (name) return [el('a', {href: '#schema-' + name}, name)];
    const schema = resolve(node);
    if (schema.const !== undefined) return [JSON.stringify(schema.const)];
    if (schema.enum) return ['one of ' + schema.enum.join(', ')];
    if (schema.type === 'array') return ['array of ', type(schema.items)];
    if (schema.type) return [[].concat(schema.type).join(' or ') + (schema.format ? ' (' + schema.format + ')' : '')];
    const choices = schema.anyOf || schema.oneOf;
    if (choices && choices.every(each => each.$ref || each.type)) return choices.map((each, i) => [i ? ' or ' : '', type(each)]);
    if (schema.allOf) return schema.allOf.filter(each => each.$ref).map((each, i) => [i ? ' and ' : '', type(each)]);
    return ['any'];
  }

  function limits(node) {
    const s = resolve(node);
    // The greatest number of 64 bits is no limit that a reader needs, nor one that JavaScript can write.
    const most = s.maximum > Number.MAX_SAFE_INTEGER ? undefined : s.maximum;
    const range = (low, high, unit) => low === undefined && high === undefined ? null
      : (low !== undefined && high !== undefined ? `${low} to ${high}` : low !== undefined ? `at least ${low}` : `at most ${high}`) + unit;
    return [
      range(s.minimum, most, ''), range(s.minLength, s.maxLength, ' characters'), range(s.minItems, s.maxItems, ' entries'),
      range(s.minProperties, s.maxProperties, ' keys'), s.pattern ? 'matches ' + s.pattern : null,
      s.default !== undefined ? 'default ' + JSON.stringify(s.default) : null
    ].filter(Boolean).join('; ');
  }

  function field(name, node, required, description, place) {
    const schema = resolve(node);
    const nested = nameOf(node) ? null : fields(schema.type === 'array' ? schema.items : schema);
    const limit = nameOf(node) && (schema.properties || schema.allOf) ? '' : limits(node);
    return el('div', {},
      el('dt', {}, el('code', {}, name), place ? el('span', {class: 'type'}, place) : null, el('span', {class: 'type'}, type(node)),
        required ? el('span', {class: 'required'}, 'required') : null),
      el('dd', {}, prose(description || schema.description), limit ? el('span', {class: 'limit'}, limit) : null, nested));
  }

  function fields(node) {
    const schema = resolve(node);
    const parts = [schema, ...(schema.allOf || []).map(each => nameOf(each) ? {} : each)];
    const rows = parts.flatMap(part => Object.entries(part.properties || {}).map(([name, each]) =>
      field(name, each, (part.required || []).includes(name))));
    return rows.length ? el('dl', {class: 'fields'}, rows) : null;
  }

  /** What a schema asks of its fields together: one of these, any of those. */
  function rules(node) {
    const schema = resolve(node);
    return [schema, ...(schema.allOf || [])].flatMap(part => ['oneOf', 'anyOf'].map(kind => {
      const sets = (part[kind] || []).filter(each => each.required && !each.properties).map(each => each.required.join(' + '));
      return sets.length ? el('p', {class: 'limit'}, (kind === 'oneOf' ? 'Exactly one of: ' : 'At least one of: ') + sets.join(', ')) : null;
    })).filter(Boolean);
  }

  function body(content) {
    return Object.entries(content || {}).slice(0, 1).map(([, media]) => {
      const name = nameOf(media.schema);
      return [name ? el('p', {}, el('a', {href: '#schema-' + name}, name)) : el('p', {class: 'type'}, type(media.schema)),
        rules(media.schema), fields(media.schema)];
    });
  }

  /* ---- Examples ---- */

  function examplesOf(media) {
    if (media.example !== undefined) return [['', media.example]];
    return Object.entries(media.examples || {}).map(([name, each]) => [resolve(each).summary || name, resolve(each).value]);
  }

  const pretty = value => typeof value === 'string' ? value : JSON.stringify(value, null, 2);

  function formPairs(value) {
    return Object.entries(value).flatMap(([key, each]) => each !== null && typeof each === 'object'
      ? Object.entries(each).map(([inner, text]) => [`${key}[${inner}]`, text]) : [[key, each]]);
  }

  const quoted = text => `'` + String(text).replace(/'/g, `'\\''`) + `'`;

  function curl(method, path, operation, parameters, mediaType, value) {
    const at = path.replace(/\{(\w+)\}/g, (all, name) => {
      const parameter = parameters.find(each => each.in === 'path' && each.name === name);
      return parameter && parameter.example !== undefined ? encodeURIComponent(parameter.example) : all;
    });
    const lines = ['curl ' + (method === 'get' || (method === 'post' && mediaType) ? '' : `-X ${method.toUpperCase()} `) + quoted(location.origin + at)];
    if (!operation.security || operation.security.length) lines.push('-u "$SECRET_KEY:"');
    if (mediaType === 'application/x-www-form-urlencoded') {
      formPairs(value).forEach(([key, text]) => lines.push('--data-urlencode ' + quoted(`${key}=${text}`)));
    } else if (mediaType) {
      lines.push(`-H ${quoted('Content-Type: ' + mediaType)}`, '-d ' + quoted(JSON.stringify(value)));
    }
    return lines.join(' \\\n  ');
  }

  function copy(text, button) {
    const tell = word => { button.textContent = word; setTimeout(() => { button.textContent = 'Copy'; }, 1500); };
    const select = () => { getSelection().selectAllChildren(button.closest('figure').querySelector('code')); tell('Selected'); };
    // Browsers lend the clipboard only to pages that came over TLS or from this machine.
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => tell('Copied'), select);
    else select();
  }

  function sample(title, text, chooser) {
    const code = el('code', {}, text);
    const button = el('button', {type: 'button', 'aria-label': 'Copy: ' + title, on: {click: () => copy(code.textContent, button)}}, 'Copy');
    return {figure: el('figure', {class: 'sample'}, el('figcaption', {}, chooser || title, button), el('pre', {tabindex: '0', 'aria-label': title}, code)), code};
  }

  function requestSample(method, path, operation, parameters) {
    const content = (operation.requestBody || {}).content || {};
    const all = Object.entries(content).flatMap(([mediaType, media]) => examplesOf(media).map(([name, value]) => ({
      name: (name || 'request') + (mediaType === 'application/json' ? '' : ' · ' + mediaType.split('/')[1].replace('x-www-form-urlencoded', 'form')),
      text: curl(method, path, operation, parameters, mediaType, value)})));
    if (!all.length) return sample('Request', curl(method, path, operation, parameters)).figure;
    if (all.length === 1) return sample('Request', all[0].text).figure;
    const chooser = el('select', {'aria-label': 'Example request', on: {change: () => { made.code.textContent = all[chooser.selectedIndex].text; }}},
      all.map(each => el('option', {}, each.name)));
    const made = sample('Request', all[0].text, chooser);
    return made.figure;
  }

  function answerSample(operation) {
    const [status, response] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) || [];
    const media = Object.values((resolve(response).content) || {})[0];
    const [example] = media ? examplesOf(media) : [];
    return example ? sample('Answer ' + status, pretty(example[1])).figure : null;
  }

  /* ---- Operations ---- */

  function responseDetails(status, node) {
    const response = resolve(node);
    const media = Object.values(response.content || {})[0] || {};
    const headers = Object.entries(response.headers || {}).map(([name, header]) =>
      field(name, resolve(header).schema, resolve(header).required, resolve(header).description));
    const shown = status.startsWith('2') ? [] : examplesOf(media);
    return el('details', {},
      el('summary', {}, el('span', {class: 'status ' + (status < '4' ? 'ok' : 'fault')}, status), ' ', inline(response.description.trim().split(/\n\s*\n/)[0].replace(/\s*\n\s*/g, ' '))),
      el('div', {class: 'inside'}, body(response.content), headers.length ? [el('h4', {}, 'Headers'), el('dl', {class: 'fields'}, headers)] : null,
        shown.map(([name, value]) => sample(name || 'Answer', pretty(value)).figure)));
  }

  const SIDES = {command: 'command service', query: 'query service', both: 'both services', standalone: 'the standalone'};

  function operationSection(path, method, operation, shared) {
    const parameters = [...(operation.parameters || []), ...(shared || [])].map(resolve);
    const id = operation.operationId;
    const request = operation.requestBody;
    return el('section', {class: 'operation', id, 'aria-labelledby': id + '-title', 'data-text':
      [method, path, operation.summary, operation.description, parameters.map(each => each.name).join(' ')].join(' ').toLowerCase()},
    el('div', {},
      el('h3', {id: id + '-title'}, el('a', {href: '#' + id}, operation.summary)),
      el('p', {class: 'address'}, el('span', {class: 'method ' + method}, method.toUpperCase()), el('span', {class: 'path'}, path)),
      el('ul', {class: 'facts', 'aria-label': 'Facts'},
        (operation['x-permissions'] || []).map(each => el('li', {}, 'permission ' + each)),
        operation.security && !operation.security.length ? el('li', {}, 'no key') : null,
        el('li', {}, SIDES[operation['x-side']])),
      el('div', {class: 'prose'}, prose(operation.description)),
      ['path', 'query', 'header'].map(place => {
        const some = parameters.filter(each => each.in === place);
        return some.length ? [el('h4', {}, {path: 'In the path', query: 'Options', header: 'Headers'}[place]),
          el('dl', {class: 'fields'}, some.map(each => field(each.name, each.schema, each.required, each.description)))] : null;
      }),
      request ? [el('h4', {}, 'Body: ' + Object.keys(request.content).join(', ')), body(request.content)] : null,
      el('h4', {}, 'Answers'),
      Object.entries(operation.responses).sort().map(([status, each]) => responseDetails(status, each))),
    el('div', {class: 'examples'}, requestSample(method, path, operation, parameters), answerSample(operation)));
  }

  function schemaSection(name, schema) {
    return el('details', {id: 'schema-' + name}, el('summary', {}, el('strong', {}, name), ' ', el('span', {class: 'type'}, type(schema))),
      el('div', {class: 'inside'}, el('div', {class: 'prose'}, prose(schema.description)), rules(schema),
        limits(schema) ? el('p', {class: 'limit'}, limits(schema)) : null, fields(schema),
        schema.examples ? sample('Example', pretty(schema.examples[0])).figure : null));
  }

  function show() {
    const found = Object.entries(api.paths).flatMap(([path, item]) =>
      METHODS.filter(method => item[method]).map(method => ({path, method, operation: item[method], shared: item.parameters})));
    main.replaceChildren(
      el('h1', {id: 'top'}, api.info.title + ' API'), el('p', {class: 'lead'}, api.info.summary),
      el('div', {class: 'prose'}, prose(api.info.description), el('p', {}, 'For programs: ', el('a', {href: '/openapi.json'}, '/openapi.json'), ' (OpenAPI 3.1)')),
      ...api.tags.map(tag => el('section', {class: 'group', 'aria-labelledby': 'tag-' + tag.name}, el('h2', {id: 'tag-' + tag.name}, tag.name),
        el('p', {class: 'lead'}, tag.description),
        found.filter(each => each.operation.tags.includes(tag.name)).map(each => operationSection(each.path, each.method, each.operation, each.shared)))),
      el('section', {class: 'schemas', 'aria-labelledby': 'schemas'}, el('h2', {id: 'schemas'}, 'Schemas'),
        Object.entries(api.components.schemas).map(([name, schema]) => schemaSection(name, schema))));
    nav.replaceChildren(...api.tags.map(tag => el('div', {}, el('h2', {}, tag.name), el('ul', {},
      found.filter(each => each.operation.tags.includes(tag.name)).map(each => el('li', {},
        el('a', {href: '#' + each.operation.operationId, title: each.path}, el('span', {class: 'method ' + each.method}, each.method.toUpperCase()), each.operation.summary)))))),
    el('div', {}, el('h2', {}, 'Reference'), el('ul', {}, el('li', {}, el('a', {class: 'plain', href: '#schemas'}, 'Schemas')))));
  }

  /* ---- Finding one's way ---- */

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const sections = [...main.querySelectorAll('.operation')];
    sections.forEach(section => { section.hidden = !words.every(word => section.dataset.text.includes(word)); });
    main.querySelectorAll('.group').forEach(group => { group.hidden = !group.querySelector('.operation:not([hidden])'); });
    nav.querySelectorAll('li').forEach(item => {
      const target = document.getElementById(item.firstChild.hash.slice(1));
      item.hidden = Boolean(target && target.hidden);
    });
    nav.querySelectorAll('div').forEach(group => { group.hidden = !group.querySelector('li:not([hidden])'); });
    const left = sections.filter(section => !section.hidden).length;
    document.getElementById('found').textContent = words.length ? `${left} of ${sections.length} calls` : '';
  }

  function goToHash() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.tagName === 'DETAILS') target.open = true;
    target.scrollIntoView({behavior: 'instant'});
    nav.querySelectorAll('a').forEach(link => link.toggleAttribute('aria-current', link.hash === location.hash));
    openMenu(false);
  }

  function openMenu(open) {
    nav.classList.toggle('open', open);
    menu.setAttribute('aria-expanded', String(open));
  }

  menu.addEventListener('click', () => openMenu(menu.getAttribute('aria-expanded') !== 'true'));
  search.addEventListener('input', filter);
  window.addEventListener('hashchange', goToHash);
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && document.activeElement === search) {
      search.value = '';
      filter();
    }
  });

  fetch('/openapi.json', {headers: {Accept: 'application/json'}})
    .then(answer => answer.ok ? answer.json() : Promise.reject(new Error('status ' + answer.status)))
    .then(document => { api = document; show(); goToHash(); })
    .catch(error => main.replaceChildren(el('h1', {}, 'userstore API'),
      el('p', {role: 'alert'}, 'The document could not be read (' + error.message + '). Reload the page to try again.')));
})();
