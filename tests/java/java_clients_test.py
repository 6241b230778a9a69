# SPDX-License-Identifier: Apache-2.0
"""HAPI and IPF as clients of `nayose serve`, plain and by TLS. Argument: the command. Skipped (77) where
there is no Java 17, no Maven, or no way to get what pom.xml names."""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
from libraries import skip  # noqa: E402
from server_case import Server, free_ports  # noqa: E402

MAVEN = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml")]
PASSWORD = "changeit"

TLS_LISTENER = """
[[listener]]
name = "tls"
address = "127.0.0.1"
port = {port}
encoding = "UTF-8"
[listener.tls]
certificate = "server.pem"
key = "server.key"
ca = "ca.pem"
require_client_certificate = true
"""


# One that has a certificate speaks by TLS alone.
TLS_PARTY = """
[[party]]
name = "pharmacy-by-tls"
application = "PHT"
facility = "PHARMACY"
member = "pharmacy"
certificate = "pht.pharmacy.example"
"""


def openssl(folder, *args):
    subprocess.run(["openssl", *map(str, args)], cwd=folder, check=True, capture_output=True)


def certify(folder, name, common_name, usage):
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
            "-subj", f"/CN={common_name}")
    (folder / f"{name}.ext").write_text(
        f"subjectAltName=DNS:{common_name},IP:127.0.0.1\nextendedKeyUsage={usage}\nkeyUsage=digitalSignature\n")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    (folder / f"{name}.key").chmod(0o600)


def make_certificates(folder):
    """A CA, a server and a system of the pharmacy's, as PEM and for Java."""
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "2", "-subj", "/CN=test CA", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=keyCertSign,cRLSign")
    certify(folder, "server", "localhost", "serverAuth")
    certify(folder, "client", "pht.pharmacy.example", "clientAuth")
    openssl(folder, "pkcs12", "-export", "-in", "client.pem", "-inkey", "client.key", "-certfile", "ca.pem",
            "-passout", f"pass:{PASSWORD}", "-out", "client.p12")
    # Java trusts only what a keystore of its own marks as trusted.
    subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", "ca.pem", "-keystore", "ca.p12",
                    "-storetype", "PKCS12", "-storepass", PASSWORD], cwd=folder, check=True, capture_output=True)


def check_tools():
    for tool in ("mvn", "java", "javac", "keytool", "openssl"):
        if shutil.which(tool) is None:
            skip(f"there is no {tool}")
    version = subprocess.run(["javac", "-version"], capture_output=True, text=True)
    number = re.search(r"\d+", version.stdout + version.stderr)
    if number is None or int(number.group()) < 17:
        skip("Java is older than 17")


def compile_and_fetch():
    done = subprocess.run([*MAVEN, "test", "-DskipTests"], capture_output=True, text=True, timeout=1200)
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    print(output[-3000:])
    if "COMPILATION ERROR" in output:
        sys.exit(1)
    skip("what pom.xml names could not be fetched")


def main():
    check_tools()
    compile_and_fetch()
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        make_certificates(folder)
        tls_port = free_ports(1)[0]
        server = Server(folder, more_listeners=TLS_LISTENER.format(port=tls_port),
                        more_parties=TLS_PARTY)
        server.start()
        try:
            done = subprocess.run(
                [*MAVEN, "surefire:test", f"-Dserved.port={server.port}", f"-Dserved.tlsPort={tls_port}",
                 f"-Dserved.tlsFolder={folder}"], timeout=600)
            code = done.returncode
        finally:
            stopped = server.stop()
        if code != 0 or stopped != 0:
            print(server.log.read_text(errors="replace")[-4000:])
        return 1 if code != 0 or stopped != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
