"""AWS on this machine, for the tests of one process: moto behind a port of the
loopback interface, which is printed. It ends when its standard input does, so
that no test that is killed leaves it behind."""

import collections
import copy
import os
import sys
import threading

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept

    def log(self, *_):
        pass


class OneAtATime:
    """moto's tables know no locks: a condition holds only where nobody else writes."""

    def __init__(self, app):
        self.app, self.lock = app, threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return list(self.app(environ, start_response))


# A transaction copies its table to undo what it did, whole and once for each item
# that it writes, which takes a hundred items seconds. Items that are replaced and
# never changed need no copies, and one copy of their places is enough.

taken = {}
transact, update = DynamoDBBackend.transact_write_items, DynamoDBBackend.update_item


def places(table, memo):
    if table.name not in taken:
        taken[table.name] = twin = copy.copy(table)
        twin.items = collections.defaultdict(dict, {k: dict(v) if table.has_range_key else v for k, v in table.items.items()})
        if table.stream_shard:
            twin.stream_shard = copy.copy(table.stream_shard)
            twin.stream_shard.items = list(table.stream_shard.items)
    return taken[table.name]


def transact_once_copied(self, items):
    taken.clear()
    return transact(self, items)


def update_a_copy(self, table_name, key, *args, **kwargs):
    table = self.get_table(table_name)
    if table.has_range_key:
        at = [DynamoType(key[name]) for name in (table.hash_key_attr, table.range_key_attr)]
        if item := table.get_item(*at):
            table.items[at[0]][at[1]] = copy.deepcopy(item)
    return update(self, table_name, key, *args, **kwargs)


Table.__deepcopy__ = places
DynamoDBBackend.transact_write_items, DynamoDBBackend.update_item = transact_once_copied, update_a_copy


def end_with_the_tests():
    sys.stdin.read()
    os._exit(0)


server = make_server("127.0.0.1", 0, OneAtATime(DomainDispatcherApplication(create_backend_app)), threaded=True, request_handler=Handler)
threading.Thread(target=end_with_the_tests, daemon=True).start()
print(server.port, flush=True)
server.serve_forever()
