"""One card of a page a file. Each draws what it is handed; none reads the store on its own."""
