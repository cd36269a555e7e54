"""A real mail server for one test: STARTTLS and AUTH required, every mail written to a folder.

Arguments: certificate, key, folder. Prints its port, ends when its standard input ends.
"""
import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"sverka", "пароль".encode())
    return AuthResult(success=good, handled=False)


class Folder:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        self.folder.joinpath(f"{self.count}.eml").write_bytes(envelope.original_content)
        self.folder.joinpath(f"{self.count}.to").write_text(" ".join([envelope.mail_from, *envelope.rcpt_tos]))
        return f"250 taken as {self.count}"


async def main(certificate, key, folder):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    handler = Folder(folder)

    def session():
        return SMTP(handler, hostname="localhost", tls_context=context, require_starttls=True,
                    authenticator=authenticate, auth_required=True)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main(*sys.argv[1:]))
