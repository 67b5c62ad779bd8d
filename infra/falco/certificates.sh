#!/bin/sh
# Makes an authority, and certificates for Falco and the forwarder, each for both ends: for gRPC Falco is the server, for http_output the forwarder is.
# usage: certificates.sh DIR [FALCO-HOST [FORWARDER-HOST]]
# Run again, it keeps the authority and renews the certificates; both programs read the new files with their next connection (Falco with its next start).
set -eu
dir=${1:?usage: certificates.sh DIR [FALCO-HOST [FORWARDER-HOST]]}
days=${DAYS:-365}
umask 077
mkdir -p "$dir"
cd "$dir"

if [ ! -e ca.key ]; then
	openssl ecparam -name prime256v1 -genkey -noout -out ca.key
	openssl req -x509 -new -key ca.key -days 3650 -subj "/CN=tfdrift Falco authority" -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.pem
fi

issue() { # NAME HOST
	case $2 in
	*[!0-9.]*) names="DNS:$2" ;;
	*) names="IP:$2" ;;
	esac
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key.new"
	printf 'subjectAltName=%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:false\n' "$names" >"$1.ext"
	openssl req -new -key "$1.key.new" -subj "/CN=$1" |
		openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days "$days" -extfile "$1.ext" -out "$1.pem.new" 2>/dev/null
	mv "$1.key.new" "$1.key"
	mv "$1.pem.new" "$1.pem"
	rm "$1.ext"
}
issue falco "${2:-falco}"
issue forwarder "${3:-tfdrift-forwarder}"
chmod 644 ./*.pem
echo "made in $dir: ca.pem falco.pem falco.key forwarder.pem forwarder.key; keep ca.key elsewhere"
