const list = document.querySelector('ul')
const form = document.querySelector('form')

async function show(answer) {
  const messages = await (await answer).json()
  list.replaceChildren(...messages.map(text => Object.assign(document.createElement('li'), { textContent: text })))
}

form.addEventListener('submit', event => {
  event.preventDefault()
  void show(fetch('/api/messages', { method: 'POST', body: form.elements.text.value }))
  form.reset()
})
void show(fetch('/api/messages'))

// While developing: the server tells when a file has changed.
new EventSource('/reload').onmessage = () => location.reload()
