// Reads the demo's page by its keys and writes what is wrong into it. Run by the test beside it.
const wrong = [];
const expect = (what, held) => { if (!held) wrong.push(what); };
// A key is pressed on an element: the page asks where.
const on = (code) => document.body.dispatchEvent(new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true }));
const settle = () => new Promise((done) => setTimeout(done, 50));
const narrow = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth;
const read = async () => {
  const mails = document.querySelectorAll('#list a').length;
  expect(`52 mails, not ${mails}`, mails === 52);
  expect('the list fits', narrow());
  for (let at = 0; at < mails; at += 1) {
    on('KeyJ');
    await settle();
    const subject = document.getElementById('subject').textContent;
    expect(`mail ${at} has its subject`, subject === document.querySelector('#list a[aria-current] b').textContent);
    on('Digit1');
    const frame = document.querySelector('#view iframe');
    expect(`mail ${at} has its HTML`, frame && frame.srcdoc.includes('<table') && frame.sandbox.length === 0);
    expect(`mail ${at} loads nothing`, !/src="(?!data:)/.test(frame.srcdoc));
    on('Digit2');
    expect(`mail ${at} has its text`, document.querySelector('#view pre').textContent.length > 200);
    on('Digit3');
    expect(`mail ${at} has its headers`, document.querySelector('#view pre').textContent.includes('Message-ID:'));
    on('Digit4');
    const files = [...document.querySelectorAll('#view a[download]')];
    expect(`mail ${at} can be saved`, files.length > 0 && files.every((file) => file.href.startsWith('data:')));
    expect(`mail ${at} fits`, narrow());
    on('Digit1');
  }
  const dark = document.getElementById('dark').getAttribute('aria-pressed');
  on('KeyD');
  expect('dark turns', document.getElementById('dark').getAttribute('aria-pressed') !== dark);
  expect('dark is in the mail', /@media (all|not all)/.test(document.querySelector('#view iframe').srcdoc));
  on('KeyN');
  expect('320 px', document.querySelector('#view iframe').getBoundingClientRect().width === 320);
  on('KeyO');
  expect('without styles', !document.querySelector('#view iframe').srcdoc.includes('<style'));
  on('KeyK');
  await settle();
  expect('back by one', location.hash === `#${mails - 2}`);
  on('Escape');
  await settle();
  expect('back to the list', document.body.className === 'home');
  document.getElementById('find').value = 'head.opt';
  document.getElementById('find').dispatchEvent(new Event('input'));
  const found = document.querySelectorAll('#list a').length;
  expect(`some are found, not ${found}`, found > 0 && found < mails);
};
read()
  .catch((error) => wrong.push(String(error)))
  .finally(() => { document.body.textContent = `RESULT${JSON.stringify(wrong)}END`; });
