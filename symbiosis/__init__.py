"""Industrial park symbiosis: exchanges of by-products, optimised on sourced data."""
