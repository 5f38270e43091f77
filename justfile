# What there is to do here; `just` alone lists it.
_default:
    @just --list --unsorted

# The guided tour, then keeps serving: http://127.0.0.1:8080
demo *arguments:
    cargo run --release -- demo {{ arguments }}

# Everything that must hold; with arguments (`just test -p postigo-domain`) only those tests
test *arguments:
    ./test {{ arguments }}

# Puts every file into shape
fmt:
    cargo fmt --all

# What the compiler and clippy say
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# The rules of ARCHITECTURE.md
tidy:
    cargo xtask tidy

# Licences, bans, sources, advisories (cargo install cargo-deny --locked)
deny:
    cargo deny --locked check

# What a request costs beside a bare server: `just bench token`, `just bench gateway`
bench *arguments:
    cargo build --release --package postigo --package postigo-bench
    target/release/postigo-bench {{ arguments }}
