"""A simulated WooCommerce shop that answers as the recorded WooCommerce 10.5.0 did.

Where things are, from the outside in:

    shop.py       Shop: one simulated shop; `handle` takes a Request and gives a Response
    options.py    what kind of shop it is: keys, taxes, shipping, gateways; quirks.py: known faults as switches
    routing.py    from a request to a route: matching, checking the arguments, permission, the answer's headers
    call.py       Call, Reply, RestError, Arg, Endpoint, Route: the vocabulary of every resource
    schema.py     WordPress' own check and clean of arguments, with its texts
    auth.py       who asks: keys, Basic, query string, OAuth 1.0a
    fields.py     _fields, _links, _envelope, _jsonp            paging.py    pages, X-WP-Total, Link
    batch.py      <resource>/batch for every resource           meta.py      meta_data rules, shared by all resources
    store.py      sorted and keyed indexes                      ids.py       the shop's id series
    dates.py      the shop's clock: local, GMT, filters         php.py       PHP's habits: numbers, query strings, JSON
    events.py     what changed, told to those who listen        work.py      the shop's cron and queue
    races.py      what overlapping requests miss of each other  webserver.py what the server in front refuses
    fatal.py      PHP's fatal errors                            quirks*.py   known faults, what they do

    about, settings*, tax_rates, shipping, payment_methods, reports, world    what the shop tells of itself
    customers*    products*, variations*, stock, terms, categories, attributes, images, reviews
    orders*, taxes, coupons*, refunds*, notes, mails, storefront*    webhooks*, payments, plugins, tracking

    site, state, freeze, door, courier, run    a shop as a process that survives kill -9
    fill*, shoppers, census                    a large shop and its people, from a seed
    conform*                                   replaying recordings of a real shop against this one

A resource is one module (or several with one prefix: orders.py, orders_create.py ...). It has a class that holds its
state and is made once by Shop, with a method `routes() -> list[Route]`; routes.py lists the resources.
To add one:

1. Give the module a class with `__init__(self, shop: Shop)`, handlers `def get(self, call: Call) -> Reply`, and
   `routes()`.
2. A Route is WordPress' own pattern ("/wc/v3/orders/(?P<id>[\\d]+)") and its endpoints; an Endpoint is methods,
   handler, permission and arguments (name -> Arg). Arguments arrive checked and cleaned in `call.args`; what was not
   sent and has no default is not in it. Errors are raised as RestError.
3. Answer `Reply(body=..., links=...)`; lists are answered by `paging.page_of`. Dates come from `shop.now()` and
   dates.py, ids from `shop.ids`, randomness from `shop.chance(purpose)`.
4. Tell `shop.changed(kind, id, event)` after every change that a real shop's hooks would announce.
5. Put the class in shop.py and its routes in routes.py.

A sentence like "`orders_list[83]`" names the recorded exchange (file and index from 0) that proves a rule.
"""
